"""Who may do what on the bench: accounts, access lists, certificates, reach."""
