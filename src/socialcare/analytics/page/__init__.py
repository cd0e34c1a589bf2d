"""The report page: its parts, its words, its drawings, and the templates that render them."""
