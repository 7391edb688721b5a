package stack

import "example.com/localcloud/bill"

// Bill returns the meter of the local cloud, or nil at another endpoint.
func (s *Stack) Bill() *bill.Meter {
	if s.cloud == nil {
		return nil
	}
	return s.cloud.server.Bill
}
