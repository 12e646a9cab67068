// Signals, mounts, /proc and permission bits are what these tests are about.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
