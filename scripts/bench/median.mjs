export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
export const ms = (number) => `${number.toFixed(number < 10 ? 1 : 0)} ms`;
