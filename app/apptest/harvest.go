package apptest

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// IDShape is how an id looks, wherever in an answer it stands.
var IDShape = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// Pool is what answers gave: the ids, and the codes by which things are named in paths.
type Pool struct {
	// IDs holds every id, with the operations and members that held it: "/api/patients results.id".
	IDs map[string]map[string]bool
	// members are texts by the member they stood in.
	members map[string][]string
	// collections are ids and codes by the address that leads to them: "/api/patients".
	collections map[string][]string
}

// NewPool makes an empty one.
func NewPool() *Pool {
	return &Pool{IDs: map[string]map[string]bool{}, members: map[string][]string{}, collections: map[string][]string{}}
}

// harvested is how many things of one kind are followed: the hundredth patient has no other shape than the third.
const harvested = 6

// Harvest reads whatever the operations of openapi.json let the client read, follows the ids that it finds, and keeps
// them all. It gives how many requests that took; an answer of the server's own fault fails the test.
func (p *Pool) Harvest(t testing.TB, c *Client) (requests int) {
	t.Helper()
	contract := c.House.Contract
	asked := map[string]bool{}
	for before := -1; before != len(asked); {
		before = len(asked)
		for i := range contract.Operations {
			o := &contract.Operations[i]
			if o.Method != http.MethodGet || o.Path == "/api/stream" {
				continue
			}
			for _, request := range p.reads(contract, o) {
				if asked[request.URL()] {
					continue
				}
				asked[request.URL()] = true
				reply, err := c.Send(t.Context(), request)
				if err != nil {
					t.Errorf("%s: %v", request.URL(), err)
					continue
				}
				if reply.StatusCode >= http.StatusInternalServerError {
					t.Errorf("%s: %d %s", request.URL(), reply.StatusCode, reply.Body)
				}
				if reply.StatusCode == http.StatusOK {
					p.Keep(o, reply)
				}
			}
		}
	}
	return len(asked)
}

// reads makes the requests of an operation that the pool has ids for: each thing by its path, each list whole and by
// every id it can be asked for.
func (p *Pool) reads(contract *Contract, o *Operation) []*Request {
	variable := ""
	for _, s := range contract.Slots(o) {
		if s.In == "path" {
			variable = s.Name
		}
	}
	first := contract.Fill(o, func(*Operation, Slot) (any, bool) { return nil, false })
	for _, s := range contract.Slots(o) {
		if s.In == "query" && s.Name == "since" {
			first = contract.With(first, s, "2000-01-01T00:00:00Z")
		}
	}
	if variable == "" {
		requests := []*Request{first}
		for _, s := range contract.Slots(o) {
			if s.In == "query" && s.TakesID() {
				for _, value := range latest(p.members[s.Name]) {
					requests = append(requests, contract.With(first, s, value))
				}
			}
		}
		return requests
	}
	var requests []*Request
	for _, value := range latest(p.collections[CollectionOf(o.Path)]) {
		requests = append(requests, contract.With(first, Slot{In: "path", Name: variable}, value))
	}
	return requests
}

func latest(values []string) []string { return values[max(0, len(values)-harvested):] }

// CollectionOf is the address that lists what a path's variable names: "/api/patients" of "/api/patients/{id}".
func CollectionOf(path string) string {
	collection, _, _ := strings.Cut(path, "/{")
	return collection
}

// Keep takes what an answer of an operation gave.
func (p *Pool) Keep(o *Operation, reply Reply) {
	var value any
	if json.Unmarshal(reply.Body, &value) != nil {
		p.note(o.Path+" (text)", string(reply.Body))
		return
	}
	p.keep(o, "", value)
}

// note takes the ids that stand in a text.
func (p *Pool) note(where, text string) {
	for _, id := range IDShape.FindAllString(text, -1) {
		if p.IDs[id] == nil {
			p.IDs[id] = map[string]bool{}
		}
		p.IDs[id][where] = true
	}
}

func (p *Pool) keep(o *Operation, at string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			text, ok := member.(string)
			if !ok {
				p.keep(o, strings.TrimPrefix(at+"."+name, "."), member)
				continue
			}
			p.note(o.Path+" "+strings.TrimPrefix(at+"."+name, "."), text)
			p.add(p.members, name, text)
			// A person inside of something else: "actor": {"id": ...} is an actor_id.
			if name == "id" && at != "" && at != "results" {
				p.add(p.members, at[strings.LastIndex(at, ".")+1:]+"_id", text)
			}
			if (name == "id" || name == "code") && (at == "" || at == "results") {
				p.add(p.collections, CollectionOf(o.Path), text)
			}
		}
	case []any:
		for _, item := range v {
			p.keep(o, at, item)
		}
	case string:
		p.note(o.Path+" "+at, v)
	}
}

func (p *Pool) add(to map[string][]string, name, text string) {
	if text != "" && !slices.Contains(to[name], text) {
		to[name] = append(to[name], text)
	}
}

// ValueOf gives what the pool knows that belongs into a slot: the last thing of a path's collection, the last text of
// that member's name, the last thing whose collection is named for it.
func (p *Pool) ValueOf(o *Operation, s Slot) (any, bool) {
	candidates := p.Candidates(o, s)
	if len(candidates) == 0 {
		return nil, false
	}
	return candidates[len(candidates)-1], true
}

// Candidates are all the values of the kind that belongs into a slot which names something.
func (p *Pool) Candidates(o *Operation, s Slot) []string {
	if s.In == "path" {
		// An id and a code may both lead there; the schema tells which.
		return slices.DeleteFunc(slices.Clone(p.collections[CollectionOf(o.Path)]), func(text string) bool {
			return (IDShape.FindString(text) == text) != (s.Schema["format"] == "uuid")
		})
	}
	if !s.TakesID() {
		return nil
	}
	member := s.Member()
	found := slices.Clone(p.members[member])
	for _, collection := range slices.Sorted(maps.Keys(p.collections)) {
		last := collection[strings.LastIndex(collection, "/")+1:]
		if kind, plural := strings.CutSuffix(last, "s"); plural && (member == kind+"_id" || strings.HasSuffix(member, "_"+kind+"_id")) {
			found = append(found, p.collections[collection]...)
		}
	}
	return slices.DeleteFunc(found, func(text string) bool { return IDShape.FindString(text) != text })
}

// Holds looks for a mark in every text that was harvested.
func (p *Pool) Holds(mark string) (text string, found bool) {
	for _, texts := range p.members {
		for _, text := range texts {
			if strings.Contains(strings.ToLower(text), strings.ToLower(mark)) {
				return text, true
			}
		}
	}
	return "", false
}
