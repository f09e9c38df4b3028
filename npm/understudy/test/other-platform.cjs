Object.defineProperty(process, 'platform', { value: 'sunos' });
Object.defineProperty(process, 'arch', { value: 'mips' });
