package sqs

// Depth is the number of messages in a queue, by state.
type Depth struct{ Visible, InFlight, Delayed int }

// Depth returns the depth of a queue without changing anything. A missing queue has depth zero.
func (s *Service) Depth(name string) Depth {
	q, err := s.find(name)
	if err != nil {
		return Depth{}
	}
	q.lock()
	defer q.unlock()
	return Depth{Visible: q.counts[visible], InFlight: q.counts[inFlight], Delayed: q.counts[delayed]}
}
