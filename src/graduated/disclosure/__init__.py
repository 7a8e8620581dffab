"""What is given to people about whom records are kept: requests for information, and the bundle that answers them."""
