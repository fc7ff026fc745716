class CustomerFile: pass
