/* A picture laid on another, and how well their strokes run along each other, block by block. */
#include <math.h>
#include <stdint.h>
#include <string.h>

void sekisho_picture_warp(const float *gray, int64_t width, int64_t height, const double *map, int64_t to_width, int64_t to_height, float *out,
                          uint8_t *inside);
void sekisho_strokes_blocks(const float *item, const float *work, int64_t width, int64_t height, int64_t block, int64_t step, int64_t reach,
                            float *agreement, float *energy, int32_t *shifts);

/* For each place of the work the gray of the item there; `map` (three rows of three) leads from the work into the item. */
void sekisho_picture_warp(const float *gray, int64_t width, int64_t height, const double *map, int64_t to_width, int64_t to_height, float *out,
                          uint8_t *inside) {
    for (int64_t v = 0; v < to_height; v++)
        for (int64_t u = 0; u < to_width; u++) {
            const double z = map[6] * (double)u + map[7] * (double)v + map[8];
            const double x = (map[0] * (double)u + map[1] * (double)v + map[2]) / z, y = (map[3] * (double)u + map[4] * (double)v + map[5]) / z;
            const int64_t at = v * to_width + u;
            inside[at] = z > 0 && x >= -0.5 && y >= -0.5 && x <= (double)width - 0.5 && y <= (double)height - 0.5;
            out[at] = 0;
            if (!inside[at]) continue;
            const double cx = x < 0 ? 0 : x > (double)(width - 1) ? (double)(width - 1) : x;
            const double cy = y < 0 ? 0 : y > (double)(height - 1) ? (double)(height - 1) : y;
            const int64_t left = (int64_t)cx, top = (int64_t)cy;
            const int64_t right = left + 1 < width ? 1 : 0, down = top + 1 < height ? width : 0;
            const float fx = (float)(cx - (double)left), fy = (float)(cy - (double)top);
            const float *p = gray + top * width + left;
            out[at] = (p[0] * (1 - fx) + p[right] * fx) * (1 - fy) + (p[down] * (1 - fx) + p[down + right] * fx) * fy;
        }
}

/* For each block (every `step` pixels) the shift of the item, up to `reach`, at which strokes agree best: that agreement from -1 to 1, the
 * strokes of item and work at that place (their energies), and the shift. Strokes are two planes each: parts along and across, of twice the direction. */
void sekisho_strokes_blocks(const float *item, const float *work, int64_t width, int64_t height, int64_t block, int64_t step, int64_t reach,
                            float *agreement, float *energy, int32_t *shifts) {
    const int64_t size = width * height, columns = (width - block) / step + 1, rows = (height - block) / step + 1;
    for (int64_t r = 0; r < rows; r++)
        for (int64_t c = 0; c < columns; c++) {
            const int64_t top = r * step, left = c * step, at = r * columns + c;
            float of_work = 0, best = -2, best_item = 0;
            int32_t best_x = 0, best_y = 0;
            for (int64_t y = top; y < top + block; y++)
                for (int64_t x = left; x < left + block; x++) {
                    const float *w = work + y * width + x;
                    of_work += w[0] * w[0] + w[size] * w[size];
                }
            for (int64_t dy = -reach; dy <= reach; dy++)
                for (int64_t dx = -reach; dx <= reach; dx++) {
                    if (top + dy < 0 || left + dx < 0 || top + dy + block > height || left + dx + block > width) continue;
                    float common = 0, of_item = 0;
                    for (int64_t y = top; y < top + block; y++) {
                        const float *w = work + y * width + left, *i = item + (y + dy) * width + left + dx;
                        for (int64_t x = 0; x < block; x++) {
                            common += w[x] * i[x] + w[x + size] * i[x + size];
                            of_item += i[x] * i[x] + i[x + size] * i[x + size];
                        }
                    }
                    /* the nearer shift wins where two are alike */
                    const float told = common / sqrtf(of_work * of_item + 1e-6f) - 0.01f * sqrtf((float)(dx * dx + dy * dy));
                    if (told > best) {
                        best = told;
                        best_item = of_item;
                        best_x = (int32_t)dx;
                        best_y = (int32_t)dy;
                    }
                }
            agreement[at] = best;
            energy[2 * at] = best_item;
            energy[2 * at + 1] = of_work;
            shifts[2 * at] = best_x;
            shifts[2 * at + 1] = best_y;
        }
}
