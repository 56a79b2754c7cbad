"""Web pages for tools: read over the same HTTP library, proxy and certificates as the models."""
