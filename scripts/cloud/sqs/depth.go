package sqs

// Depth is how many messages a queue holds.
type Depth struct{ Visible, InFlight, Delayed int }

// Depth looks at a queue without touching it; one that is not there holds nothing.
func (s *Service) Depth(name string) Depth {
	q, err := s.find(name)
	if err != nil {
		return Depth{}
	}
	q.lock()
	defer q.unlock()
	return Depth{Visible: q.counts[visible], InFlight: q.counts[inFlight], Delayed: q.counts[delayed]}
}
