/** The vLLM release whose API is imitated, marked so that nobody takes one for the other. */
export const standInVersion = '0.11.0+standin';
