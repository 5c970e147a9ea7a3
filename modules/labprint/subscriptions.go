package labprint

// Subscribe listens to other modules. Call it once all of them exist.
func (m *Module) Subscribe() {}
