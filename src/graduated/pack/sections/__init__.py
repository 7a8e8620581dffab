"""The sections of the evidence pack, each a function that writes plain content into a flow."""
