"""Commands that an operator runs: status, checks, backup, unlocking, couriers, setup."""
