"""Documents drawn from plain data: support plan, review record, evidence pack."""
