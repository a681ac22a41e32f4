"""What stands on the paper: the domain in, the drivers' document out. No device, no file, no clock."""
