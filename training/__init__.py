"""A labelled CSV in, a registered model out."""
