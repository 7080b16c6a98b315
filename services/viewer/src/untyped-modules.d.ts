// pacote ships no types; stock-ohif.ts states the one function that it needs. (dcmjs is declared in samples/dcmjs.d.ts.)
declare module 'pacote';
