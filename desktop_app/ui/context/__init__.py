"""What a request will hold: the meter and the light in the header, the ledger, the mark of the cut."""
