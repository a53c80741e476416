"""Reading and answering replies with the secret words."""
