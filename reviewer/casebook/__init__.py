"""The reviewer's records: submissions, replies, servers, manifests and the log of actions."""
