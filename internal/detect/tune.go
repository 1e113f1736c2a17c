package detect

import "fmt"

// Tune makes a detector that has thresholds a definition; the configuration may give it others.
func Tune[C, S any, D Detector[S]](build func(C) D, cfg C) Definition {
	d := Define[S](build(cfg))
	d.thresholds = func() any {
		c := cfg
		return &c
	}
	d.with = func(thresholds any) (Definition, bool) {
		c, ok := thresholds.(*C)
		if !ok {
			return Definition{}, false
		}
		return Tune(build, *c), true
	}
	return d
}

// Thresholds is a pointer to a copy of the detector's configuration struct, nil when it has none.
func (d Definition) Thresholds() any {
	if d.thresholds == nil {
		return nil
	}
	return d.thresholds()
}

// With is the detector with other thresholds, a pointer of the type that Thresholds returns.
func (d Definition) With(thresholds any) (Definition, error) {
	if d.with != nil {
		if tuned, ok := d.with(thresholds); ok {
			return tuned, nil
		}
	}
	return d, fmt.Errorf("detector %s: thresholds of type %T are not its own", d.spec.Name, thresholds)
}
