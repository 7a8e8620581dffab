"""The pure rules, each as a table of cases."""
