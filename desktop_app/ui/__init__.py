"""What the person meets: windows, panes and their parts. The only room, with app, that knows Qt."""
