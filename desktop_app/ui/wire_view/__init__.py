"""What went over the wire for an answer: request, events, timings, and ways to take it along."""
