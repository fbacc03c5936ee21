package bill

import (
	"bytes"
	"io"
	"sync"

	"wuyepay/sandbox/fault"
	"wuyepay/sandbox/pay/merchant"
)

// Edit changes the text of a bill before its hash is taken, so the result is a proper
// bill that says something else. The route is that of the bill.
type Edit func(route fault.Route, merchantName, text string) string

// editor holds the edit in force.
type editor struct {
	mu   sync.RWMutex
	edit Edit
}

// EditBills passes every later bill through edit; nil ends it. An edited bill is held
// in memory.
func (s *Service) EditBills(edit Edit) {
	s.editor.mu.Lock()
	defer s.editor.mu.Unlock()
	s.editor.edit = edit
}

// edited returns a file as the edit in force changes it.
func (s *Service) edited(route fault.Route, m *merchant.Merchant, file file) file {
	s.editor.mu.RLock()
	edit := s.editor.edit
	s.editor.mu.RUnlock()
	if edit == nil {
		return file
	}
	var plain bytes.Buffer
	if err := file(&plain); err != nil {
		return func(io.Writer) error { return err }
	}
	text := edit(route, m.Name, plain.String())
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}
