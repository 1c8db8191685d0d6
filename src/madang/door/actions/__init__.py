"""Every write at the doors: devices, scans, queues, the release of empty places, votes."""
