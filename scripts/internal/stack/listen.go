package stack

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
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
		return fmt.Sprintf("%s is taken by another process, perhaps another make up: choose another address with %s=127.0.0.1:0 (for make; port 0 takes a free one) or -%s", e.Address, strings.ToUpper(e.Flag), e.Flag)
	}
	return fmt.Sprintf("choose another address with %s=… (for make) or -%s: %v", strings.ToUpper(e.Flag), e.Flag, e.Err)
}

// Unwrap returns the system's error.
func (e *AddressError) Unwrap() error { return e.Err }

// Free returns an *AddressError for the first address that can't be listened on. The addresses are named by their flags.
func Free(addresses map[string]string) error {
	for _, flag := range slices.Sorted(maps.Keys(addresses)) {
		listener, err := net.Listen("tcp", addresses[flag])
		if err == nil {
			err = listener.Close()
		}
		if err != nil {
			return &AddressError{Address: addresses[flag], Flag: flag, Err: err}
		}
	}
	return nil
}

// listen opens the port of the HTTP API.
func listen(address string) (net.Listener, error) {
	address = cmp.Or(address, freePort)
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, &AddressError{Address: address, Flag: "api", Err: err}
	}
	return listener, nil
}
