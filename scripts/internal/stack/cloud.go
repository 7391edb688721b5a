package stack

import (
	"cmp"
	"errors"
	"net/http"
	"sync"

	"example.com/localcloud"
	"example.com/localcloud/journal"
	"example.com/localcloud/tap"
)

// hopsKept is how many hops may wait to be read. A step that is dropped is missing from a trace; nothing else depends
// on it.
const hopsKept = 1 << 16

// StartCloud starts a local cloud at an address that the user chose with a flag. Its error names that flag, unless
// the data folder is the problem.
func StartCloud(o cloud.Options, flag string) (*cloud.Server, error) {
	server, err := cloud.Start(o)
	if _, data := errors.AsType[*journal.Error](err); err != nil && !data {
		return nil, &AddressError{Address: o.Addr, Flag: flag, Err: err}
	}
	return server, err
}

// localCloud is the local cloud of a stack, and the goroutine that reads its hops.
type localCloud struct {
	server   *cloud.Server
	listener *tap.Listener
	reading  sync.WaitGroup
}

// startCloud starts a cloud and passes each of its hops to take.
func startCloud(o cloud.Options, take func(tap.Hop)) (*localCloud, error) {
	o.Addr = cmp.Or(o.Addr, freePort)
	server, err := StartCloud(o, "cloud")
	if err != nil {
		return nil, err
	}
	c := &localCloud{server: server, listener: server.Tap.Listen(hopsKept)}
	c.reading.Go(func() {
		for hop := range c.listener.C {
			take(hop)
		}
	})
	return c, nil
}

func (c *localCloud) close() error {
	err := c.server.Close()
	c.listener.Close()
	c.reading.Wait()
	return err
}

// functions returns the handler of the functions' HTTP API.
func (s *Stack) functions() http.Handler {
	if s.cloud == nil {
		return http.NotFoundHandler()
	}
	return s.cloud.server.APIGateway.Front()
}
