package finding

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// numbers is the evidence as a JSON object whose members keep the detector's order.
type numbers []Number

// MarshalJSON writes the object.
func (n numbers) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, v := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(v.Name)
		if err != nil {
			return nil, fmt.Errorf("encoding evidence: %w", err)
		}
		value, err := json.Marshal(v.Value)
		if err != nil {
			return nil, fmt.Errorf("encoding evidence %s: %w", v.Name, err)
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// UnmarshalJSON reads the object in its order.
func (n *numbers) UnmarshalJSON(b []byte) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("decoding evidence: want an object, not %v", t)
	}
	*n = nil
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return fmt.Errorf("decoding evidence: %w", err)
		}
		var v float64
		if err := dec.Decode(&v); err != nil {
			return fmt.Errorf("decoding evidence %v: %w", name, err)
		}
		*n = append(*n, Number{Name: fmt.Sprint(name), Value: v})
	}
	return nil
}
