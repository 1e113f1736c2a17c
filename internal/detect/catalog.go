package detect

// Catalog lists the detectors in the order in which they look at an event. A new detector is its file and one line here.
func Catalog() []Definition {
	return []Definition{
		Tune(NewPathScan, DefaultPathScan()),
		Tune(NewSensitivePath, DefaultSensitivePath()),
		Tune(NewLoginBruteforce, DefaultLoginBruteforce()),
		Tune(NewCredentialStuffing, DefaultCredentialStuffing()),
		Tune(NewObjectWalk, DefaultObjectWalk()),
		Tune(NewRequestFlood, DefaultRequestFlood()),
		Tune(NewScannerAgent, DefaultScannerAgent()),
		Tune(NewInjectionProbe, DefaultInjectionProbe()),
		Tune(NewDistributedStuffing, DefaultDistributedStuffing()),
		Tune(NewAccountAttack, DefaultAccountAttack()),
		Tune(NewVolumeAnomaly, DefaultVolumeAnomaly()),
		Tune(NewBreadthAnomaly, DefaultBreadthAnomaly()),
		Tune(NewExfiltration, DefaultExfiltration()),
		Tune(NewErrorSpike, DefaultErrorSpike()),
		Tune(NewLatencyShift, DefaultLatencyShift()),
		Tune(NewTrafficSurge, DefaultTrafficSurge()),
		Tune(NewTrafficDrop, DefaultTrafficDrop()),
	}
}
