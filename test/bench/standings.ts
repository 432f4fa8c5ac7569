/** How many addresses of each standing there are to sign up: `active1@known.example`, … */
export const known = 200;
export const standings = ['unknown', 'pending', 'active', 'suppressed'] as const;
