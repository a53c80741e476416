"""The reviewer's desk: the casebook in a browser on the same machine, for one person who sits in front of it."""
