"""The school, term dates, rate cards, measures, intervention library, authority profile."""
