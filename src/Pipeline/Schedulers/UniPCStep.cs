namespace XVideo.Pipeline.Schedulers;

/// <summary>The host numbers of one UniPC step of length h in the log signal-to-noise ratio.</summary>
/// <remarks>Source: Zhao et al. 2023 (arXiv 2302.04867), equations 5 and 8 for data prediction, so with −h in place of h.</remarks>
internal sealed class UniPCStep
{
    private readonly double _h;

    /// <summary>Prepares a step.</summary>
    /// <param name="solver">Which B(h).</param>
    /// <param name="ratios">Places of the points in units of h: earlier predictions, newest first, then 1.</param>
    /// <param name="h">Length of the step; infinite at the end of a run, where only order 1 is possible.</param>
    public UniPCStep(SolverType solver, double[] ratios, double h)
    {
        (Ratios, _h) = (ratios, h);
        Decay = double.IsInfinity(h) ? -1 : Math.Exp(-h) - 1;
        Scale = solver == SolverType.Bh1 ? -h : Decay;
    }

    public double[] Ratios { get; }

    /// <summary>e⁻ʰ − 1.</summary>
    public double Decay { get; }

    /// <summary>B(h).</summary>
    public double Scale { get; }

    /// <summary>Weights of the first <paramref name="count"/> points, such that polynomials of that degree are integrated exactly.</summary>
    public double[] Weights(int count)
    {
        var matrix = new double[count, count];
        var right = new double[count];
        var (phi, factorial) = (Decay / -_h - 1, 1.0);
        for (var power = 0; power < count; power++)
        {
            for (var column = 0; column < count; column++) matrix[power, column] = Math.Pow(Ratios[column], power);
            right[power] = phi * factorial / Scale;
            factorial *= power + 2;
            phi = phi / -_h - 1 / factorial;
        }
        return Solve(matrix, right);
    }

    // Gaussian elimination with row exchange; the systems have one to three unknowns.
    private static double[] Solve(double[,] matrix, double[] right)
    {
        var n = right.Length;
        for (var column = 0; column < n; column++)
        {
            var pivot = Enumerable.Range(column, n - column).MaxBy(row => Math.Abs(matrix[row, column]));
            for (var k = 0; k < n; k++) (matrix[column, k], matrix[pivot, k]) = (matrix[pivot, k], matrix[column, k]);
            (right[column], right[pivot]) = (right[pivot], right[column]);
            for (var row = column + 1; row < n; row++)
            {
                var factor = matrix[row, column] / matrix[column, column];
                for (var k = column; k < n; k++) matrix[row, k] -= factor * matrix[column, k];
                right[row] -= factor * right[column];
            }
        }
        for (var row = n - 1; row >= 0; row--)
        {
            for (var k = row + 1; k < n; k++) right[row] -= matrix[row, k] * right[k];
            right[row] /= matrix[row, row];
        }
        return right;
    }
}
