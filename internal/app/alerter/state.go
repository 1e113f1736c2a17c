package alerter

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"gatewatch/internal/alert"
)

// encodeState writes the book, and what it has decided by the clock and not everybody may have been told yet.
func encodeState(book *alert.Book, owed []alert.Notification) ([]byte, error) {
	debts, err := json.Marshal(owed)
	if err != nil {
		return nil, fmt.Errorf("encoding what is owed: %w", err)
	}
	b, err := book.MarshalBinary()
	if err != nil {
		return nil, err
	}
	state := binary.LittleEndian.AppendUint32(make([]byte, 0, 4+len(debts)+len(b)), uint32(len(debts))) //nolint:gosec // far below 4 GiB
	return append(append(state, debts...), b...), nil
}

var errShortState = errors.New("decoding state: it ends early")

// decodeState fills the book and returns what is owed. No state leaves the book as it is.
func decodeState(state []byte, book *alert.Book) ([]alert.Notification, error) {
	if len(state) == 0 {
		return nil, nil
	}
	if len(state) < 4 {
		return nil, errShortState
	}
	n := uint64(binary.LittleEndian.Uint32(state))
	if state = state[4:]; n > uint64(len(state)) {
		return nil, errShortState
	}
	var owed []alert.Notification
	if err := json.Unmarshal(state[:n], &owed); err != nil {
		return nil, fmt.Errorf("decoding what is owed: %w", err)
	}
	return owed, book.UnmarshalBinary(state[n:])
}
