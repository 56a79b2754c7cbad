"""The list of conversations on the left: model, painting, and the sidebar that holds it."""
