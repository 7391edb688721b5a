package stack

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"syscall"
)

// freePort makes the system choose a free port.
const freePort = "127.0.0.1:0"

// AddressError reports that an address can't be listened on, and names the flag that chooses another.
type AddressError struct {
	Address, Flag string
	Err           error
}

func (e *AddressError) Error() string {
	if errors.Is(e.Err, syscall.EADDRINUSE) {
		return fmt.Sprintf("%s is taken by another process: choose another address with -%s (port 0 takes a free one)", e.Address, e.Flag)
	}
	return fmt.Sprintf("choose another address with -%s: %v", e.Flag, e.Err)
}

// Unwrap returns the system's error.
func (e *AddressError) Unwrap() error { return e.Err }

// listen opens the port of the HTTP API.
func listen(address string) (net.Listener, error) {
	address = cmp.Or(address, freePort)
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, &AddressError{Address: address, Flag: "api", Err: err}
	}
	return listener, nil
}
