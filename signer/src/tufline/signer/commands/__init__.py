"""The signer's commands: one file each, registered as entry points of `tufline.commands`."""
