package cloud

import (
	"context"
	"errors"
	"net"
	"net/http"

	"golang.org/x/sync/errgroup"

	"example.com/troupe/scripts/local/cloud/wire"
)

// Options says where a cloud listens: host:port of this machine, where port 0 takes
// a free one.
type Options struct {
	Addr string // of the AWS endpoint
}

// Server is a cloud that listens. Close it.
type Server struct {
	*Cloud
	Endpoint string // of AWS: "http://127.0.0.1:4566"

	cancel context.CancelFunc
	ports  *errgroup.Group
}

// Start makes a cloud and serves it until Close.
func Start(o Options) (*Server, error) {
	aws, err := wire.Listen(o.Addr)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{Cloud: New(address(aws)), Endpoint: address(aws), cancel: cancel, ports: new(errgroup.Group)}
	s.serve(ctx, aws, s.Cloud)
	return s, nil
}

func (s *Server) serve(ctx context.Context, l net.Listener, handler http.Handler) {
	s.ports.Go(func() error { return wire.Serve(ctx, l, handler) })
}

func address(l net.Listener) string { return "http://" + l.Addr().String() }

// Close ends everything: requests, functions, whatever else is under way.
func (s *Server) Close() error {
	err := s.Cloud.Close()
	s.cancel()
	return errors.Join(err, s.ports.Wait())
}
