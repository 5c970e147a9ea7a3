package labprint

import "hmsoftware.com/hm/kit/httpx"

// Routes adds the module's operations.
func (m *Module) Routes(api *httpx.API) {}
