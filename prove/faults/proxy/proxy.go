// Package proxy stands between HM and its PostgreSQL and does to their conversation what networks and machines do: it
// delays, holds still, falls silent, or cuts the line at a chosen message of the protocol.
package proxy

import (
	"context"
	"net"
	"sync"
	"time"
)

// Moment is a point in a conversation at which a rule may cut the line.
type Moment int

// The moments, each told once it is reached.
const (
	// Message: HM sent a message; it has not been passed on.
	Message Moment = iota
	// Begun: PostgreSQL answered the first statement of a transaction, and HM is about to say more.
	Begun
	// CommitAsked: HM sent COMMIT; it has not been passed on.
	CommitAsked
	// CommitDone: PostgreSQL committed and said so; HM has not been told.
	CommitDone
)

func (m Moment) String() string {
	return [...]string{"at a message", "between the first statement and COMMIT", "before COMMIT arrives", "before COMMIT is answered"}[m]
}

// Rule tells whether the line is cut at a moment. n counts the moments of this kind since the rule was set, from 1, over
// all connections. It is never called twice at once.
type Rule func(m Moment, n int) bool

// Proxy passes connections on. Its methods may be called at any time and concern all connections.
type Proxy struct {
	listener net.Listener
	dial     func(ctx context.Context) (net.Conn, error)

	mu    sync.Mutex
	links map[*link]bool
	delay time.Duration
	open  chan struct{} // closed while messages pass
	rule  Rule
	seen  map[Moment]int
	cuts  int
	ended bool
}

// Listen begins to pass connections from a free port on loopback to where dial leads.
func Listen(dial func(ctx context.Context) (net.Conn, error)) (*Proxy, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Proxy{listener: listener, dial: dial, links: map[*link]bool{}, open: make(chan struct{}), seen: map[Moment]int{}}
	close(p.open)
	go p.accept()
	return p, nil
}

// Address is host:port of the proxy.
func (p *Proxy) Address() string { return p.listener.Addr().String() }

// Close ends every connection and takes no more.
func (p *Proxy) Close() {
	p.mu.Lock()
	p.ended = true
	p.mu.Unlock()
	_ = p.listener.Close()
	p.CutAll()
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		go p.serve(client)
	}
}

func (p *Proxy) serve(client net.Conn) {
	l := &link{proxy: p, client: client, ended: make(chan struct{}), silent: make(chan struct{})}
	p.mu.Lock()
	p.links[l] = true
	ended := p.ended
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		delete(p.links, l)
		p.mu.Unlock()
	}()
	if ended {
		l.cut()
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	server, err := p.dial(ctx)
	cancel()
	if err != nil {
		l.cut() // nobody listens there: as if nobody listened here
		return
	}
	l.server = server
	l.run()
}

// Delay makes every message take so much longer, in each direction.
func (p *Proxy) Delay(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delay = d
}

// Freeze holds every message back, and new connections too, until Thaw. Nothing is lost.
func (p *Proxy) Freeze() {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.open:
		p.open = make(chan struct{})
	default: // frozen already
	}
}

// Thaw lets messages pass again.
func (p *Proxy) Thaw() {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.open:
	default:
		close(p.open)
	}
}

// Silence makes the present connections carry nothing any more, in either direction, and neither end is told: as when a
// machine or a router between them is gone. New connections work.
func (p *Proxy) Silence() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for l := range p.links {
		l.silence.Do(func() { close(l.silent) })
	}
}

// CutAll resets every connection now.
func (p *Proxy) CutAll() {
	p.mu.Lock()
	links := make([]*link, 0, len(p.links))
	for l := range p.links {
		links = append(links, l)
	}
	p.mu.Unlock()
	for _, l := range links {
		l.cut()
	}
}

// Cut resets each connection of which the rule says so; nil ends that. It gives how often the rule before did.
func (p *Proxy) Cut(rule Rule) (cuts int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	cuts, p.cuts = p.cuts, 0
	p.rule, p.seen = rule, map[Moment]int{}
	return cuts
}

// reached tells the rule of a moment.
func (p *Proxy) reached(m Moment) (cut bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rule == nil {
		return false
	}
	p.seen[m]++
	if cut = p.rule(m, p.seen[m]); cut {
		p.cuts++
	}
	return cut
}

// passage gives what holds for a message that comes in now.
func (p *Proxy) passage() (delay time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.delay
}

func (p *Proxy) gate() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open
}
