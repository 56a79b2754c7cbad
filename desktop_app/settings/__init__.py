"""One typed table of settings, their values, and the file that keeps them."""
