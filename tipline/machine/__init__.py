"""The machine that serves: its disks, memory, privileges, sockets and systemd unit."""
