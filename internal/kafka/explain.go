package kafka

import (
	"errors"

	"gatewatch/internal/kafka/advice"
)

// Explain puts what to do in front of an error that an operator can mend: a wrong address, TLS on one side only, wrong
// credentials, a missing topic or right. Other errors, and nil, come back as they are.
func Explain(err error) error {
	if err == nil {
		return nil
	}
	if _, done := errors.AsType[*explainedError](err); done {
		return err
	}
	todo := advice.For(err)
	if todo == "" {
		return err
	}
	return &explainedError{advice: todo, err: err}
}

// explainedError is an error with advice.
type explainedError struct {
	advice string
	err    error
}

// Error implements error.
func (e *explainedError) Error() string { return e.advice + ": " + e.err.Error() }

// Unwrap is the error that is explained.
func (e *explainedError) Unwrap() error { return e.err }
