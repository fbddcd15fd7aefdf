import { dts } from 'rolldown-plugin-dts';

export default {
  input: 'src/offhook.ts',
  plugins: [dts({ stripInternal: true })],
  output: { dir: 'dist', format: 'esm' },
};
