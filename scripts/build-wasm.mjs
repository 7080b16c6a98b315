console.log('wasm')
