// Where the names of a network stand: springs along edges, repulsion between all (Barnes and Hut 1986), a pull to the
// middle. The same network always gets the same places: nothing is drawn by lot.

const THETA2 = 0.81, REPULSION = -110, SPRING = 54, PULL = 0.055, DRAG = 0.6, COOLING = 0.02, COLD = 0.004;

// A tree of squares with the weight and the middle of what lies in each.
class Squares {
  constructor(n) {
    const most = 4 * n + 64;
    this.child = new Int32Array(4 * most);
    [this.x, this.y, this.half, this.mass, this.mx, this.my] = Array.from({ length: 6 }, () => new Float64Array(most));
    this.most = most;
    this.stack = new Int32Array(512);
  }

  build(xs, ys) {
    let reach = 1;
    for (let i = 0; i < xs.length; i++) reach = Math.max(reach, Math.abs(xs[i]), Math.abs(ys[i]));
    this.used = 0;
    this.add(0, 0, reach + 1);
    for (let i = 0; i < xs.length; i++) this.insert(i, xs, ys);
    for (let cell = this.used - 1; cell >= 0; cell--) this.weigh(cell, xs, ys);
  }

  add(x, y, half) {
    const cell = this.used++;
    this.child.fill(-1, 4 * cell, 4 * cell + 4);
    this.x[cell] = x;
    this.y[cell] = y;
    this.half[cell] = half;
    return cell;
  }

  // Children: -1 nothing, below that a body, else a cell. Bodies on one spot: the tree stops short of splitting them.
  insert(body, xs, ys) {
    let cell = 0;
    for (let depth = 0; depth < 26 && this.used < this.most - 1; depth++) {
      const place = 4 * cell + this.quarter(cell, xs[body], ys[body]);
      const there = this.child[place];
      if (there === -1) {
        this.child[place] = -2 - body;
        return;
      }
      if (there >= 0) {
        cell = there;
        continue;
      }
      const half = this.half[cell] / 2;
      const quarter = place & 3;
      const next = this.add(this.x[cell] + (quarter & 1 ? half : -half), this.y[cell] + (quarter & 2 ? half : -half), half);
      this.child[place] = next;
      const other = -2 - there;
      this.child[4 * next + this.quarter(next, xs[other], ys[other])] = there;
      cell = next;
    }
  }

  quarter(cell, x, y) {
    return (x > this.x[cell] ? 1 : 0) | (y > this.y[cell] ? 2 : 0);
  }

  // Cells come after the cell they are in: backwards, parts are weighed before the whole.
  weigh(cell, xs, ys) {
    let mass = 0, x = 0, y = 0;
    for (let k = 4 * cell; k < 4 * cell + 4; k++) {
      const there = this.child[k];
      if (there === -1) continue;
      const m = there >= 0 ? this.mass[there] : 1;
      x += m * (there >= 0 ? this.mx[there] : xs[-2 - there]);
      y += m * (there >= 0 ? this.my[there] : ys[-2 - there]);
      mass += m;
    }
    this.mass[cell] = mass;
    this.mx[cell] = mass ? x / mass : 0;
    this.my[cell] = mass ? y / mass : 0;
  }

  // Adds the push of all others on body `i` to its speed.
  push(i, layout, strength) {
    const { xs, ys, vx, vy } = layout;
    const { stack, child } = this;
    let top = 0, fx = 0, fy = 0;
    stack[top++] = 0;
    while (top) {
      const cell = stack[--top];
      for (let k = 4 * cell; k < 4 * cell + 4; k++) {
        const there = child[k];
        if (there === -1 || there === -2 - i) continue;
        const inner = there >= 0;
        const dx = (inner ? this.mx[there] : xs[-2 - there]) - xs[i];
        const dy = (inner ? this.my[there] : ys[-2 - there]) - ys[i];
        const away = dx * dx + dy * dy;
        if (inner && 4 * this.half[there] * this.half[there] > THETA2 * away) {
          if (top < 508) stack[top++] = there;
          continue;
        }
        const w = (inner ? this.mass[there] : 1) / Math.max(away, 9);
        fx += dx * w;
        fy += dy * w;
      }
    }
    vx[i] += fx * strength;
    vy[i] += fy * strength;
  }
}

class Layout {
  // `ends`: pairs of numbers of nodes; `aspect`: how much wider than high the room is.
  constructor(n, ends, aspect = 1) {
    [this.xs, this.ys, this.vx, this.vy, this.degree] = Array.from({ length: 5 }, () => new Float64Array(n));
    this.n = n;
    this.aspect = aspect;
    this.ends = ends;
    this.squares = new Squares(n);
    this.heat = 1;
    this.held = -1;
    ends.forEach(([a, b]) => {
      this.degree[a] += 1;
      this.degree[b] += 1;
    });
    // A sunflower: even, and the same every time.
    for (let i = 0; i < n; i++) {
      const r = 12 * Math.sqrt(i + 0.5), turn = i * 2.399963;
      this.xs[i] = r * Math.cos(turn);
      this.ys[i] = r * Math.sin(turn);
    }
  }

  get moving() {
    return this.heat > COLD || this.held >= 0;
  }

  warm(heat) {
    this.heat = Math.max(this.heat, heat);
  }

  step() {
    const { n, xs, ys, vx, vy, heat } = this;
    this.pullEdges();
    this.squares.build(xs, ys);
    for (let i = 0; i < n; i++) {
      this.squares.push(i, this, REPULSION * heat);
      vx[i] -= (xs[i] * PULL * heat) / this.aspect;
      vy[i] -= ys[i] * PULL * heat * this.aspect;
    }
    for (let i = 0; i < n; i++) {
      vx[i] *= DRAG;
      vy[i] *= DRAG;
      if (i === this.held) continue;
      xs[i] += vx[i];
      ys[i] += vy[i];
    }
    this.heat += ((this.held >= 0 ? 0.12 : 0) - this.heat) * COOLING;
  }

  pullEdges() {
    const { xs, ys, vx, vy, degree, heat } = this;
    for (const [a, b] of this.ends) {
      const dx = xs[b] + vx[b] - xs[a] - vx[a] || 0.01;
      const dy = ys[b] + vy[b] - ys[a] - vy[a] || 0.01;
      const away = Math.hypot(dx, dy);
      const pull = ((away - SPRING) / away) * heat / Math.min(degree[a], degree[b]);
      const share = degree[a] / (degree[a] + degree[b]);
      vx[b] -= dx * pull * share;
      vy[b] -= dy * pull * share;
      vx[a] += dx * pull * (1 - share);
      vy[a] += dy * pull * (1 - share);
    }
  }
}

