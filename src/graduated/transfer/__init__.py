"""One pupil's SEN record to the next school and from the last: an open bundle, its receipt, bringing it in."""
