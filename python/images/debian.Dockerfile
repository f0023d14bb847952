# Debian 12's Python and NumPy (3.11 and 1.24: the floor) on one of Debian's BLAS: the reference (blas), BLIS
# (blis-serial) or ATLAS (atlas):
#
#     docker build --build-arg BLAS=atlas -t npyparity-numpy:mine -f python/images/debian.Dockerfile python/images
ARG BASE_IMAGE=debian:bookworm-slim
FROM ${BASE_IMAGE}
ARG PACKAGES="python3-numpy libblis4-serial libatlas3-base"
RUN dpkg --status ${PACKAGES} >/dev/null 2>&1 || { \
        apt-get update && apt-get install --yes --no-install-recommends ${PACKAGES} && rm -rf /var/lib/apt/lists/*; \
    } >/dev/null
ARG BLAS=blas
RUN multiarch=$(python3 -c 'import sysconfig; print(sysconfig.get_config_var("MULTIARCH"))') && \
    update-alternatives --set "libblas.so.3-$multiarch" "/usr/lib/$multiarch/$BLAS/libblas.so.3" >/dev/null && \
    update-alternatives --set "liblapack.so.3-$multiarch" "/usr/lib/$multiarch/lapack/liblapack.so.3" >/dev/null && \
    python3 -c 'import numpy; print("NumPy", numpy.__version__)'
