"""Due diligence about facilities: the diary, sentences that may be told, and reports for others."""
