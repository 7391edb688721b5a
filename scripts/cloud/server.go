package cloud

import (
	"context"
	"errors"
	"net"
	"net/http"

	"golang.org/x/sync/errgroup"

	"example.com/localcloud/journal"
	"example.com/localcloud/wire"
)

// Options says where a cloud listens and where it saves its state. An address is host:port of this machine; port 0
// selects a free port.
type Options struct {
	Addr string // of the AWS endpoint
	Data string // folder to load and save the state; "" keeps it in memory
}

// Server is a running cloud. Close it.
type Server struct {
	*Cloud
	Endpoint string // of AWS: "http://127.0.0.1:4566"

	cancel context.CancelFunc
	ports  *errgroup.Group
}

// Start starts a cloud and serves it until Close. Requests wait until the state has been restored. An error about the
// folder is a *journal.Error.
func Start(o Options) (*Server, error) {
	aws, err := wire.Listen(o.Addr)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{Cloud: New(address(aws)), Endpoint: address(aws), cancel: cancel, ports: new(errgroup.Group)}
	if o.Data != "" {
		if err := s.restoreFrom(o.Data); err != nil {
			return nil, errors.Join(err, s.Close(), aws.Close())
		}
	}
	s.serve(ctx, aws, s.Cloud)
	return s, nil
}

func (s *Server) restoreFrom(folder string) error {
	j, err := journal.Open(folder)
	if err != nil {
		return err
	}
	return s.restore(j)
}

func (s *Server) serve(ctx context.Context, l net.Listener, handler http.Handler) {
	s.ports.Go(func() error { return wire.Serve(ctx, l, handler) })
}

func address(l net.Listener) string { return "http://" + l.Addr().String() }

// Close stops everything: requests, functions and background work.
func (s *Server) Close() error {
	err := s.Cloud.Close()
	s.cancel()
	return errors.Join(err, s.ports.Wait(), s.journal.Close())
}
