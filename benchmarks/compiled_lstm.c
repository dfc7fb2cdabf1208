/* One LSTM layer reading one review, keeping every gate and state: the practical limit of what a trace can cost.
 *
 * The equations are those of models/nn/cells.py, the weights Keras's own: gates side by side in the order input,
 * forget, candidate, output. Built and called by benchmarks/trace_speed.py:
 *
 *     cc -O3 -march=native -ffast-math -fno-math-errno -shared -fPIC compiled_lstm.c -o compiled_lstm.so -lm
 */
#include <math.h>
#include <string.h>

/* out[columns] += vector[rows] · matrix[rows × columns], four rows at a time so that out stays in registers longer. */
static void add_product(const float *restrict vector, const float *restrict matrix, float *restrict out, int rows,
                        int columns) {
    int r = 0;
    for (; r + 4 <= rows; r += 4) {
        const float *m = matrix + (long)r * columns;
        const float a = vector[r], b = vector[r + 1], c = vector[r + 2], d = vector[r + 3];
        for (int k = 0; k < columns; k++)
            out[k] += a * m[k] + b * m[k + columns] + c * m[k + 2 * columns] + d * m[k + 3 * columns];
    }
    for (; r < rows; r++)
        for (int k = 0; k < columns; k++) out[k] += vector[r] * matrix[(long)r * columns + k];
}

/* ids[timesteps] → gates[timesteps × 4 · units], cells and states[timesteps × units]. */
void lstm(int timesteps, int features, int units, const int *ids, const float *embedding, const float *kernel,
          const float *recurrent, const float *bias, float *gates, float *cells, float *states) {
    const int width = 4 * units;
    for (int t = 0; t < timesteps; t++) {
        float *restrict a = gates + (long)t * width;
        float *restrict c = cells + (long)t * units;
        float *restrict h = states + (long)t * units;
        memcpy(a, bias, width * sizeof(float));
        add_product(embedding + (long)ids[t] * features, kernel, a, features, width);
        if (t) add_product(h - units, recurrent, a, units, width);
        for (int k = 0; k < 2 * units; k++) a[k] = 0.5f + 0.5f * tanhf(0.5f * a[k]);
        for (int k = 2 * units; k < 3 * units; k++) a[k] = tanhf(a[k]);
        for (int k = 3 * units; k < width; k++) a[k] = 0.5f + 0.5f * tanhf(0.5f * a[k]);
        for (int k = 0; k < units; k++) {
            const float before = t ? c[k - units] : 0.0f;
            c[k] = a[units + k] * before + a[k] * a[2 * units + k];
        }
        for (int k = 0; k < units; k++) h[k] = a[3 * units + k] * tanhf(c[k]);
    }
}
