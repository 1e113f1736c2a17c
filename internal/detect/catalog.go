package detect

// Catalog lists the detectors in the order in which they look at an event. A new detector is its file and one line here.
func Catalog() []Definition {
	return []Definition{
		Define(NewPathScan(DefaultPathScan())),
		Define(NewSensitivePath(DefaultSensitivePath())),
		Define(NewLoginBruteforce(DefaultLoginBruteforce())),
		Define(NewCredentialStuffing(DefaultCredentialStuffing())),
		Define(NewObjectWalk(DefaultObjectWalk())),
		Define(NewRequestFlood(DefaultRequestFlood())),
		Define(NewScannerAgent(DefaultScannerAgent())),
		Define(NewInjectionProbe(DefaultInjectionProbe())),
	}
}
