import { show } from "./page";

void show();
