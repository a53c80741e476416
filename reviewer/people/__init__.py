"""The people of one home: who comes, who goes, and what is given to members."""
